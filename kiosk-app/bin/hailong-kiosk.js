#!/usr/bin/env node
import { onPinnedNode } from '../../scripts/node.js';

// The window's shell is a program of its own: it opens no database, and may run as another user than the agent.
const isShell = process.argv[2] === 'shell';
onPinnedNode(import.meta.url, () => (isShell ? import('../shell/main.ts') : import('../agent/main.ts')));

#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { onPinnedNode } from '../../scripts/node.js';

// A counter's machine has little memory and its agent little to compute. Before anything is compiled and kept.
setFlagsFromString('--optimize-for-size');
setFlagsFromString('--no-opt');
onPinnedNode(import.meta.url, () => import('../agent/main.ts'));

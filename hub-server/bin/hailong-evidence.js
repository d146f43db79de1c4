#!/usr/bin/env node
import { onPinnedNode } from '../../scripts/node.js';

onPinnedNode(import.meta.url, () => import('../src/evidence/check.ts'));

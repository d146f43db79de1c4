#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { onPinnedNode } from '../../scripts/node.js';

onPinnedNode(import.meta.url, () => {
  // A young heap doubles whenever a burst survives in it, up to 64 MB a thread, and keeps that: a thousand kiosks that
  // come back at once would leave a hub of 270 MB at 400. `--max-semi-space-size` is for whoever starts Node; from here
  // growth can be stopped, and the storage threads, which come later, be given what they need from the start.
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--min-semi-space-size=8');
  return import('../src/main.ts');
});

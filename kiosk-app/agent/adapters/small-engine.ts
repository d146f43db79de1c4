/**
 * A counter's machine has little memory and its agent little to compute: V8 keeps code small and optimizes none of it. Imported
 * before everything else, whoever starts the agent. Without it the agent idles at 101 MB and grows by 15 % in eight hours.
 */
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--optimize-for-size');
setFlagsFromString('--no-opt');

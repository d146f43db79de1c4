/** The IPC between main and preload: three names, each carrying messages of protocol/ui.ts and nothing else. */
export const CHANNELS = {
  /** preload → main: the page is listening; main answers with the connection and the last screen. */
  listening: 'hailong:listening',
  /** preload → main: a touch. */
  fromWindow: 'hailong:from-window',
  /** main → preload. */
  toWindow: 'hailong:to-window',
  /** main → preload: whether the agent is there. */
  connection: 'hailong:connection',
} as const;

/**
 * Gives the page one object, the Bridge of protocol/ui.ts, and nothing else: no ipcRenderer, no Node, no event object.
 * Main checks the sender and parses every message again.
 */
import type { AgentToWindow, Bridge } from '@hailong/shared/protocol/ui.ts';
import { contextBridge, ipcRenderer } from 'electron';
import { CHANNELS } from '../main/channels.ts';

const receivers = new Set<(message: AgentToWindow) => void>();
const connectionListeners = new Set<(connected: boolean) => void>();
let connected = false;

ipcRenderer.on(CHANNELS.toWindow, (_event, message: AgentToWindow) => {
  for (const receive of receivers) receive(message);
});
ipcRenderer.on(CHANNELS.connection, (_event, now: boolean) => {
  connected = now;
  for (const listen of connectionListeners) listen(now);
});

const bridge: Bridge = {
  subscribe(receive) {
    receivers.add(receive);
    ipcRenderer.send(CHANNELS.listening);
    return () => {
      receivers.delete(receive);
    };
  },
  send(message) {
    ipcRenderer.send(CHANNELS.fromWindow, message);
  },
  onConnection(listen) {
    connectionListeners.add(listen);
    listen(connected);
    return () => {
      connectionListeners.delete(listen);
    };
  },
  photoUrl: (sha256) => `/photos/${sha256}`,
  voiceUrl: (sha256) => `/voices/${sha256}`,
};

contextBridge.exposeInMainWorld('hailong', bridge);

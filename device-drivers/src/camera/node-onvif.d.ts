/** The part of node-onvif 0.1.7 (no types of its own) that onvif-camera.ts uses; read from its source. */
declare module 'node-onvif' {
  export interface OnvifProfile {
    readonly token: string;
    readonly name: string;
    readonly snapshot: string;
    readonly stream: { readonly udp: string; readonly http: string; readonly rtsp: string };
    readonly video: {
      readonly encoder: {
        readonly resolution: { readonly width: number; readonly height: number };
        readonly framerate: number;
      } | null;
    };
  }
  export interface OnvifInformation {
    readonly Manufacturer?: unknown;
    readonly Model?: unknown;
    readonly FirmwareVersion?: unknown;
    readonly SerialNumber?: unknown;
  }
  export class OnvifDevice {
    constructor(params: { xaddr: string; user?: string; pass?: string });
    /** Date, capabilities, information, profiles, stream and snapshot addresses, one after another. */
    init(): Promise<OnvifInformation>;
    getProfileList(): readonly OnvifProfile[];
    readonly services: {
      readonly device: {
        getSystemDateAndTime(): Promise<unknown>;
        /** Camera minus local clock, ms. */
        getTimeDiff(): number;
      };
    };
  }
  /** CommonJS: one object. Named types above, values here. */
  const onvif: {
    readonly OnvifDevice: typeof OnvifDevice;
  };
  export default onvif;
}

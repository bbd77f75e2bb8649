import { FLOW_CONTROL_ERROR, PROTOCOL_ERROR } from '../protocol/error-code.ts';
import { DEFAULT_FRAME_BYTES, DEFAULT_WINDOW, MAX_WINDOW, SETTINGS } from '../protocol/frame-type.ts';
import type { FrameWriter } from '../frame/frame-writer.ts';

/** RFC 9113 §6.5.2, and SETTINGS_NO_RFC7540_PRIORITIES of RFC 9218. Start with the values that hold before any SETTINGS frame. */
export class Settings {
  headerTableSize = 4096;
  enablePush = true;
  maxConcurrentStreams = Number.POSITIVE_INFINITY;
  initialWindowSize = DEFAULT_WINDOW;
  maxFrameSize = DEFAULT_FRAME_BYTES;
  maxHeaderListSize = Number.POSITIVE_INFINITY;
  enableConnectProtocol = false;
  noRfc7540Priorities = false;
}

export interface SettingProblem {
  readonly errorCode: number;
  readonly reason: string;
}

/** Takes over one setting; the problem when its value is not allowed. Unknown ones are ignored, as the RFC asks. */
export function applySetting(settings: Settings, id: number, value: number): SettingProblem | undefined {
  switch (id) {
    case 1:
      settings.headerTableSize = value;
      return undefined;
    case 2:
      if (value > 1) return { errorCode: PROTOCOL_ERROR, reason: `SETTINGS_ENABLE_PUSH is ${value}` };
      settings.enablePush = value === 1;
      return undefined;
    case 3:
      settings.maxConcurrentStreams = value;
      return undefined;
    case 4:
      if (value > MAX_WINDOW) return { errorCode: FLOW_CONTROL_ERROR, reason: `SETTINGS_INITIAL_WINDOW_SIZE is ${value}` };
      settings.initialWindowSize = value;
      return undefined;
    case 5:
      if (value < DEFAULT_FRAME_BYTES || value > 0xffffff) {
        return { errorCode: PROTOCOL_ERROR, reason: `SETTINGS_MAX_FRAME_SIZE is ${value}` };
      }
      settings.maxFrameSize = value;
      return undefined;
    case 6:
      settings.maxHeaderListSize = value;
      return undefined;
    case 8:
      if (value > 1 || (settings.enableConnectProtocol && value === 0)) {
        return { errorCode: PROTOCOL_ERROR, reason: `SETTINGS_ENABLE_CONNECT_PROTOCOL is ${value}` };
      }
      settings.enableConnectProtocol = value === 1;
      return undefined;
    case 9:
      if (value > 1) return { errorCode: PROTOCOL_ERROR, reason: `SETTINGS_NO_RFC7540_PRIORITIES is ${value}` };
      settings.noRfc7540Priorities = value === 1;
      return undefined;
    default:
      return undefined;
  }
}

/** Writes a SETTINGS frame with what differs from the values that hold anyway. */
export function writeSettings(writer: FrameWriter, settings: Settings): void {
  const initial = new Settings();
  const pairs: [id: number, value: number][] = [
    [1, settings.headerTableSize],
    [2, settings.enablePush ? 1 : 0],
    [3, settings.maxConcurrentStreams],
    [4, settings.initialWindowSize],
    [5, settings.maxFrameSize],
    [6, settings.maxHeaderListSize],
    [9, settings.noRfc7540Priorities ? 1 : 0],
  ];
  const usual = [
    initial.headerTableSize,
    1,
    Number.POSITIVE_INFINITY,
    initial.initialWindowSize,
    initial.maxFrameSize,
    Number.POSITIVE_INFINITY,
    0,
  ];
  writer.beginFrame(SETTINGS, 0, 0);
  pairs.forEach(([id, value], at) => {
    if (value === usual[at]) return;
    writer.uint16(id);
    writer.uint32(value);
  });
  writer.endFrame();
}

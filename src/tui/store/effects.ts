import type { Insert, Message, Side } from "../../chat/index.ts";
import type { DecodingSettings } from "../../engine/index.ts";

/** What the conversation must be told. */
export type EngineEffect =
  /** `after`: goes back to so many first turns and asks there; `inserts`: what of the text nobody typed */
  | {
      readonly type: "send";
      readonly text: string;
      readonly inserts?: readonly Insert[];
      readonly after?: number;
    }
  /** reads the files that a queued message names; `perhaps`: those that are left out where nothing is called so */
  | {
      readonly type: "attach";
      readonly message: Message;
      readonly files: readonly string[];
      readonly perhaps?: readonly string[];
    }
  /** `change`: of this answer alone */
  | { readonly type: "again"; readonly change: Partial<DecodingSettings> }
  /** decodes the text, or the last message again, on both sides; keeps neither */
  | { readonly type: "compare"; readonly sides: readonly [Side, Side]; readonly text?: string }
  | { readonly type: "rewind"; readonly turns: number }
  | { readonly type: "stop" }
  /** lists earlier conversations */
  | { readonly type: "earlier" }
  /** goes on with one: number in that list, file or id */
  | { readonly type: "resume"; readonly wanted: string }
  /** lists the models that there are */
  | { readonly type: "models" }
  | { readonly type: "model"; readonly name: string }
  /** ends the engine's process, whatever it is doing */
  | { readonly type: "endEngine" }
  | { readonly type: "adjust"; readonly change: Partial<DecodingSettings> }
  | { readonly type: "newChat"; readonly system: string | undefined }
  | { readonly type: "save"; readonly path: string }
  /** `answer`: its number, counted from 1; absent: the last one */
  | { readonly type: "replay"; readonly answer?: number };

/** What the shell must do after an update; the store itself touches nothing outside. */
export type Effect =
  | EngineEffect
  | { readonly type: "copy"; readonly text: string }
  /** opens the text in the person's own editor */
  | { readonly type: "compose"; readonly text: string }
  | { readonly type: "remember"; readonly text: string }
  /** lists a folder, named as it was typed */
  | { readonly type: "folder"; readonly path: string }
  | { readonly type: "quit" }
  | { readonly type: "suspend" }
  | { readonly type: "repaint" };

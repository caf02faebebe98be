import {
  countTurns,
  findTranscript,
  listTranscripts,
  openTranscript,
  type Transcript,
} from "../../chat/index.ts";
import { UserError } from "../../errors.ts";
import type { ListedChat } from "../store/list.ts";

const most = 50;

/** Earlier conversations, by the numbers of the list that was last shown. */
export class Earlier {
  readonly #directory: string | undefined;
  #listed: readonly ListedChat[] | undefined;

  /** @param directory absent: there are none */
  constructor(directory: string | undefined) {
    this.#directory = directory;
  }

  /** The newest ones. @param present file of the conversation that is open: left out */
  async list(present: string | undefined): Promise<readonly ListedChat[]> {
    const chats = this.#directory === undefined ? [] : await listTranscripts(this.#directory, most + 1);
    const others = chats.filter((chat) => chat.path !== present).slice(0, most);
    const turns = await Promise.all(others.map(({ path }) => countTurns(path).catch(() => 0)));
    this.#listed = others.map((chat, index) => Object.assign({}, chat, { turns: turns[index] ?? 0 }));
    return this.#listed;
  }

  /**
   * @param wanted number in the list, file or id
   * @throws UserError usage, file
   */
  async open(wanted: string, present: string | undefined): Promise<Transcript> {
    return await openTranscript(await this.#find(wanted, present));
  }

  async #find(wanted: string, present: string | undefined): Promise<string> {
    if (/^\d{1,2}$/.test(wanted)) {
      const listed = this.#listed ?? (await this.list(present));
      const numbered = listed[Number(wanted) - 1];
      if (numbered !== undefined) return numbered.path;
    }
    if (this.#directory === undefined)
      throw new UserError("usage", "There is no folder of saved conversations.");
    return await findTranscript(this.#directory, wanted);
  }
}

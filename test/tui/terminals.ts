import { PassThrough, Writable } from "node:stream";

/** A terminal's output that remembers every write. */
export class Output extends Writable {
  readonly isTTY = true;
  columns = 80;
  rows = 24;
  readonly writes: string[] = [];

  constructor() {
    super({ decodeStrings: false });
  }

  override _write(chunk: string, _encoding: BufferEncoding, done: () => void): void {
    this.writes.push(chunk);
    done();
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.emit("resize");
  }
}

/** A terminal's keyboard: what is written to it is typed. */
export const keyboardInput = () =>
  Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {}, ref: () => {}, unref: () => {} });

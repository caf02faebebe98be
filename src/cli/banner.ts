/** What the first line of a chat says, the device where it is known before the engine runs; cut to `columns` from what matters least, the model's name last. */
export function bannerFor(
  { program, model, device }: { readonly program: string; readonly model: string; readonly device?: string },
  columns: number,
): string {
  const named = `${program}  ${model}`;
  const lines = [...(device === undefined ? [] : [`${named}  ${device}`]), named, model];
  // A row that fills the window leaves the cursor in no one's column.
  const room = Math.max(1, columns - 1);
  const fitting = lines.find((line) => line.length <= room);
  return fitting ?? `${model.slice(0, Math.max(1, room - 3))}...`.slice(0, room);
}

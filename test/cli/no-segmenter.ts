// From SIGUSR2 on these characters cannot be told apart. The bell says that it came.
process.on("SIGUSR2", () => {
  const usual = new Intl.Segmenter(undefined, { granularity: "grapheme" });
  const segment = usual.segment.bind(usual);
  Intl.Segmenter.prototype.segment = (text) => {
    if (/[日本]/.test(text)) throw new Error("These characters cannot be told apart.");
    return segment(text);
  };
  process.stderr.write("\u0007");
});

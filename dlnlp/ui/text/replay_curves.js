import { inPercent, signed } from "../shell/number_format.js";
import { drawChart } from "./replay_charts.js";
import { ranked, sides, spread } from "./replay_numbers.js";

// The curves of a recorded training: what each shows, and what it reads at a point.

export function predictionChart({ data }, said, seek) {
  const classes = data.class_names;
  const two = classes.length === 2;
  // Of two classes the second tells all; of more, the one that wins in the end is drawn last, bold.
  const best = two ? 1 : ranked(said[said.length - 1].probabilities)[0].place;
  const others = two ? [] : classes.map((_, place) => place).filter((place) => place !== best);
  const curve = (kind) => (place) => ({
    kind,
    values: said.map(({ probabilities }) => probabilities[place]),
  });
  const name = classes[best].slice(0, 40);
  const chart = drawChart(
    {
      title: two ? `Probability of ${name}` : "Prediction",
      help: `Probability of ${name}${two ? "" : " (bold) and of the other classes"} at each step`,
      lines: [...others.map(curve("faint")), curve("main")(best)],
      low: 0,
      high: 1,
      ends: ["0", "1"],
    },
    data.points,
    data.kept_step,
    seek,
  );
  const read = (index) => {
    const { probabilities } = said[index];
    if (two) return [{ kind: "", text: inPercent(probabilities[1]) }];
    return ranked(probabilities)
      .slice(0, 2)
      .map(({ probability, place }) => ({
        kind: place === best ? "best" : "",
        text: `${classes[place]} ${inPercent(probability)}`,
      }));
  };
  return { ...chart, read };
}

export function spreadChart({ data }, said, seek) {
  const spreads = said.map(spread);
  const of = (name) => ({
    kind: name.slice(0, -1),
    values: spreads.map((each) => each[name].share),
  });
  const lowest = Math.min(
    ...spreads.flatMap(({ words, sentences }) => [words.share ?? 1, sentences.share ?? 1]),
  );
  const low = Math.max(0, Math.floor(10 * lowest - 0.5) / 10);
  const help =
    "Entropy of the attention as a share of the most it can be: 1 is the same weight everywhere, " +
    "0 is all weight on one word or sentence";
  const chart = drawChart(
    {
      title: "Entropy",
      help,
      lines: [of("sentences"), of("words")],
      low,
      high: 1,
      ends: [low.toFixed(1), "1"],
    },
    data.points,
    data.kept_step,
    seek,
  );
  const read = (index) =>
    ["words", "sentences"]
      .filter((name) => spreads[index][name].share !== null)
      .map((name) => {
        const { share, bits } = spreads[index][name];
        return {
          kind: name.slice(0, -1),
          text: `${name} ${share.toFixed(2)} (${bits.toFixed(1)} bits)`,
        };
      });
  return { ...chart, read };
}

export function sidesChart({ data }, said, seek) {
  const sums = said.map(sides);
  const high = Math.max(...sums.flatMap((each) => [each.for, each.against]), 0.01);
  const target = (index) => data.class_names[said[index].target];
  const chart = drawChart(
    {
      title: "All words",
      help: "Sum of the contributions that speak for the class, and of those against it",
      lines: ["for", "against"].map((kind) => ({ kind, values: sums.map((each) => each[kind]) })),
      low: 0,
      high,
      ends: ["0", high.toFixed(1)],
    },
    data.points,
    data.kept_step,
    seek,
  );
  const read = (index) => [
    { kind: "for", text: `for ${target(index)} ${signed(sums[index].for)}` },
    { kind: "against", text: `against ${signed(-sums[index].against)}` },
  ];
  return { ...chart, read };
}

export function wordChart({ data, words, word }, said, seek, attends) {
  const values = said.map((each) => each.words.flat()[word]);
  const name = words[word].textContent.slice(0, 30);
  const most = Math.max(...values.map(Math.abs), 0.01);
  const decimals = most < 0.1 ? 2 : 1;
  const chart = drawChart(
    {
      title: `“${name}”`,
      help: `${attends ? "Word attention" : "Contribution"} of “${name}” at each step`,
      lines: [{ kind: attends ? "word" : "main", values }],
      low: attends ? 0 : -most,
      high: most,
      ends: attends
        ? ["0", inPercent(most).replace(/\.\d/, "")]
        : [signed(-most, decimals), signed(most, decimals)],
    },
    data.points,
    data.kept_step,
    seek,
  );
  const read = (index) => [
    attends
      ? { kind: "word", text: inPercent(values[index]) }
      : { kind: values[index] < 0 ? "against" : "for", text: signed(values[index]) },
  ];
  return { ...chart, read };
}

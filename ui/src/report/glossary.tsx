// The words of the report.

const words: [string, string][] = [
  ["Baseline", "What would be there without doing anything: level, trend, season, events."],
  ["Break-even", "The spend at which one more unit of money brings back just one."],
  ["Carry-over", "The part of an effect that is felt after the exposure; also called adstock."],
  ["Contribution", "What a part brought: the expected total less what it would be without that part."],
  ["Control", "Something that moves the outcome and is no advertising: price, weather, a competitor."],
  ["Half-life", "The time from the strongest effect until half of it is left."],
  ["Held out", "Periods that the model did not see, so that its forecast of them is a fair test."],
  ["Interval", "A range that holds the truth with a stated probability; equal-tailed: as likely below as above."],
  ["Marginal ROAS", "What the next unit of money brings. It decides on the next budget; ROAS judges the last."],
  ["Prior, posterior", "What was believed before the data, and what is believed after them."],
  ["R-hat", "Compares chains that started apart; close to 1 means that they came to the same."],
  ["ROAS", "Return on advertising spend: what was brought per unit of money spent."],
  ["Saturation", "Twice the exposure brings less than twice the effect: the share of the ceiling that is reached."],
];

export function Glossary() {
  return (
    <section id="glossary" aria-labelledby="glossary-title">
      <h2 id="glossary-title">Words</h2>
      <dl className="glossary">
        {words.map(([word, meaning]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

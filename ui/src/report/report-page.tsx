// The page: the answer first, then the charts by question, then what an analyst wants to see.
import type { Report } from "../api/report";
import { PrintingContext, usePrinting } from "../components/printing";
import { ThemeContext, useTheme } from "../components/theme";
import { Analysis } from "./analysis";
import { Answer } from "./answer";
import { ChapterSection } from "./chapter-section";
import { ContentsList } from "./contents-list";
import { inputs, questions } from "./contents";
import { Findings } from "./findings";
import { Glossary } from "./glossary";
import { Head } from "./head";
import { Limits } from "./limits";
import { Method } from "./method";

export function ReportPage({ report }: { report: Report }) {
  const printing = usePrinting();
  const [theme, choose] = useTheme(printing);
  return (
    <PrintingContext value={printing}>
      <ThemeContext value={theme}>
        <a className="skip" href="#answer">
          Skip to the answer
        </a>
        <div className="page">
          <ContentsList theme={theme} onTheme={choose} />
          <main>
            <Head report={report} />
            <Answer report={report} />
            {questions.map((chapter) => (
              <ChapterSection key={chapter.id} chapter={chapter} report={report} />
            ))}
            <Analysis report={report} />
            <ChapterSection chapter={inputs} report={report}>
              <Findings findings={report.exhibits.inputs?.findings ?? []} none="Nothing in the data stood out." />
            </ChapterSection>
            <Method about={report.about} />
            <Limits report={report} />
            <Glossary />
            <footer>
              Made by Wanamaker {report.about.version} from {report.about.source}. This file loads nothing from
              anywhere.
            </footer>
          </main>
        </div>
      </ThemeContext>
    </PrintingContext>
  );
}

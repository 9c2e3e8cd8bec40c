// A plan by hand: move a channel, see at once what that would bring.
import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { DraftBar } from "../kit/draft-bar";
import { DraftList } from "../kit/draft-list";
import { Pane } from "../kit/pane";
import { groundOf, scenariosOf, usualPeriods, type Scenario } from "./answers";
import { Frame } from "./frame";
import { KeptPlans } from "./kept-plans";
import { Sliders } from "./sliders";
import { SimulatedOutcome } from "./simulated-outcome";
import { useLevels } from "./use-levels";
import { usePlanDraft } from "./use-plan-draft";

export function SimulatePage() {
  const { id } = useParams({ from: "/plan/$id/simulate" });
  const { periods = usualPeriods } = useSearch({ from: "/plan/$id/simulate" });
  const today = useQuery(scenariosOf(id, groundOf(periods), [{ name: "nothing", spend: {} }]));
  return (
    <Frame id={id} way="simulate" periods={periods}>
      <Pane query={today} height={320}>
        {([today]) => today && <Simulation key={id} id={id} periods={periods} today={today} />}
      </Pane>
    </Frame>
  );
}

interface Props {
  id: string;
  periods: number;
  today: Scenario;
}

function Simulation({ id, periods, today }: Props) {
  const levels = useLevels();
  const { keeping, mine, take } = usePlanDraft(id);
  const spend = Object.fromEntries(today.channels.map(({ name, spend }) => [name, spend.total * levels.of(name)]));
  const plan = useQuery(scenariosOf(id, groundOf(periods), [{ name: "plan", spend }]));
  return (
    <>
      <DraftBar keeping={keeping} mine={mine} onTake={take} />
      <Pane query={plan} height={120}>
        {([, planned]) => planned && <SimulatedOutcome planned={planned} isStale={plan.isPlaceholderData} />}
      </Pane>
      <Sliders today={today} planned={plan.data?.[1]} levels={levels} />
      <KeptPlans id={id} periods={periods} today={today} />
      <DraftList
        kind="plan"
        subject={id}
        link={(draft, props) => (
          <Link to="/plan/$id/simulate" params={{ id }} search={{ draft: draft.id }} {...props} />
        )}
      />
    </>
  );
}

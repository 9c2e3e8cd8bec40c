// What the model assumes, in plain words, checked while it is changed.
import { Button, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { dataset as datasetQuery } from "../../api/queries";
import { DraftBar } from "../kit/draft-bar";
import type { Content } from "../kit/draft-state";
import { Page } from "../kit/page";
import { Pane } from "../kit/pane";
import { BaselinePart } from "./baseline-part";
import { Basics } from "./basics";
import { ChannelPart } from "./channel-part";
import { SamplerDetails } from "./details";
import { withChannel, type Spec } from "./edit";
import { Found } from "./findings";
import { PriorPart } from "./prior-part";
import { Start } from "./start";
import { TextView } from "./text-view";
import { useCheck } from "./use-check";
import { useDraft, type Draft } from "./use-draft";
import { nameOf } from "./words";

export function ModelPage() {
  const { id } = useParams({ from: "/model/$id" });
  const query = useQuery(datasetQuery(id));
  return (
    <Pane query={query}>{(data) => <Model data={data} proposed={(data.spec ?? { data: { kpi: "" } }) as Spec} />}</Pane>
  );
}

const views = [
  { value: "form", label: "Form" },
  { value: "toml", label: "TOML" },
  { value: "json", label: "JSON" },
];

function Model({ data, proposed }: { data: Schemas["DatasetView"]; proposed: Spec }) {
  const { draft, keeping } = useDraft(data, proposed);
  const check = useCheck(data.id, draft.spec);
  const { view } = useSearch({ from: "/model/$id" });
  const navigate = useNavigate({ from: "/model/$id" });
  const show = (to: string) =>
    void navigate({
      search: (now) => ({ ...now, view: to === "toml" || to === "json" ? to : undefined }),
      resetScroll: false,
    });
  return (
    <Page
      title={`Model for ${data.name}`}
      lead={
        draft.isChanged
          ? "Changed here; Back undoes the last change, a link shares it, and a draft keeps it."
          : "As proposed for these data. Change what you know better, then start a run."
      }
      actions={
        <>
          {draft.isChanged && (
            <Button variant="default" onClick={draft.reset}>
              Back to the proposal
            </Button>
          )}
          <SegmentedControl data={views} value={view ?? "form"} onChange={show} aria-label="View" />
        </>
      }
    >
      <DraftBar
        keeping={keeping}
        mine={draft.spec as unknown as Content}
        onTake={(content) => draft.change(content as unknown as Spec)}
      />
      <Found value={check.data?.findings ?? []}>
        {view ? <TextView key={view + JSON.stringify(draft.spec)} form={view} draft={draft} /> : <Form draft={draft} />}
      </Found>
      <PriorPart dataset={data.id} spec={draft.spec} isPossible={check.data?.ok === true && !check.isPlaceholderData} />
      <Pane query={check}>
        {(found) => <Start dataset={data.id} spec={draft.spec} check={found} isFresh={!check.isPlaceholderData} />}
      </Pane>
      <Text size="sm">
        Columns with the wrong role are put right under{" "}
        <Link to="/data/$id" params={{ id: data.id }}>
          the data
        </Link>
        .
      </Text>
    </Page>
  );
}

function Form({ draft }: { draft: Draft }) {
  const { spec, change } = draft;
  const channels = spec.channel ?? [];
  return (
    <Stack gap="lg">
      <Basics {...draft} />
      <Title order={2}>Channels</Title>
      {channels.length === 0 && <Text className="soft">No column is the spend of a channel yet.</Text>}
      {channels.map((channel, k) => (
        <ChannelPart
          key={nameOf(channel)}
          channel={channel}
          at={k}
          onChange={(part) => change(withChannel(spec, k, part))}
        />
      ))}
      <Title order={2}>What sells without advertising</Title>
      <BaselinePart {...draft} />
      <SamplerDetails {...draft} />
    </Stack>
  );
}

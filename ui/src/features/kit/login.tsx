// Who is there?
import { Button, Paper, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api, ask } from "../../api/client";
import { Page } from "./page";
import { Trouble } from "./pane";

export function Login() {
  const client = useQueryClient();
  const [who, setWho] = useState({ login: "", password: "" });
  const login = useMutation({
    mutationFn: () => ask(api.POST("/api/v1/session", { body: who })),
    onSuccess: () => client.resetQueries(),
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    login.mutate();
  }
  return (
    <Page title="Log in" lead="This server asks who you are. Whoever runs it gives out logins.">
      <Paper withBorder p="lg" maw={380} component="form" onSubmit={submit}>
        <Stack>
          <TextInput
            label="Login"
            autoComplete="username"
            required
            value={who.login}
            onChange={({ currentTarget: { value } }) => setWho({ ...who, login: value })}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            value={who.password}
            onChange={({ currentTarget: { value } }) => setWho({ ...who, password: value })}
          />
          <Trouble error={login.error} />
          <Button type="submit" loading={login.isPending}>
            Log in
          </Button>
        </Stack>
      </Paper>
    </Page>
  );
}

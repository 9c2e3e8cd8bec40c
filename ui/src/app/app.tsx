// The router inside the cache of answers.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { router } from "./routes";

const client = new QueryClient({ defaultOptions: { queries: { retry: 1, staleTime: 5000 } } });

export function App() {
  return (
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}

// A line between browser and server that can be cut.
import { createServer, request, type IncomingHttpHeaders, type Server as HttpServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export class Line {
  /** What was asked, youngest last. */
  readonly asked: { path: string; headers: IncomingHttpHeaders }[] = [];
  #server: HttpServer;
  #sockets = new Set<Socket>();

  private constructor(target: URL) {
    this.#server = createServer((from, to) => {
      const path = from.url ?? "/";
      this.asked.push({ path, headers: from.headers });
      const { method, headers } = from;
      const on = request({ host: target.hostname, port: target.port, path, method, headers }, (answer) => {
        to.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(to);
      });
      on.on("error", () => to.destroy());
      to.on("close", () => on.destroy());
      from.pipe(on);
    });
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  static async to(base: string): Promise<Line> {
    const line = new Line(new URL(base));
    await new Promise<void>((done) => line.#server.listen(0, "127.0.0.1", done));
    return line;
  }

  get base(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Ends everything that is under way, in the middle of a word. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}

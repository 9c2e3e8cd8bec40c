# The program in a small image, with a finished demo in it. `docker compose up` starts it; docker/start.sh says the rest.
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked --package wanamaker-cli \
    && docker/bake-demo.sh target/release/mmm /demo

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin wanamaker \
    && install -d -o wanamaker -g wanamaker /data
COPY --from=build /src/target/release/mmm /usr/local/bin/mmm
# Whom webhooks are sent to proves who they are by one of these.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build --chown=wanamaker /demo /usr/share/wanamaker/demo
COPY docker/start.sh docker/is-healthy.sh /usr/local/bin/
USER 10001
ENV MMM_DATA=/data MMM_HOST=0.0.0.0 PORT=8000 MMM_DEMO=/usr/share/wanamaker/demo
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["/usr/local/bin/is-healthy.sh"]
ENTRYPOINT ["/usr/local/bin/start.sh"]

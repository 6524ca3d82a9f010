# syntax=docker/dockerfile:1
# The hub alone, from its sources: Node 26 comes with the locked dependencies, so the base needs no more than npm.
FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund --engine-strict=false

FROM debian:bookworm-slim
# For TLS to brokers, servers and subscribers.
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin twinweave \
  && install -d -o twinweave -g twinweave -m 0750 /var/lib/twinweave /etc/twinweave
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY . .
# One path to Node, whatever the platform. Sources are stripped on the fly; no launcher stands between signals and hub.
RUN ln -s /app/node_modules/node-linux-*/bin/node /usr/local/bin/node
USER 10001
ENV NODE_ENV=production \
    TWINWEAVE_DATA_DIR=/var/lib/twinweave
VOLUME ["/var/lib/twinweave"]
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.TWINWEAVE_HTTP_PORT ?? 8080}/health`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
# Within a container the hub listens on loopback too, until TWINWEAVE_HTTP_HOST and an API key say otherwise.
ENTRYPOINT ["node", "src/main.ts"]
CMD ["run"]

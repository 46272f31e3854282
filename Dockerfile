# The router as a container: docker build -t chappe-router .
#
# The sources run as written, so there is nothing to compile: the first stage only gathers the packages the router
# and the operators' program need, without what is for development.
FROM node:24-slim AS gather
WORKDIR /app
RUN npm install --global pnpm@12
COPY . .
RUN pnpm install --frozen-lockfile --prod --filter "@chappe/app-router..." --filter "@chappe/app-cli..."

FROM node:24-slim
ENV NODE_ENV=production \
    CHAPPE_LISTEN=0.0.0.0:9090 \
    CHAPPE_HTTP_LISTEN=0.0.0.0:9080 \
    CHAPPE_REDIS_URL=redis://localhost:6379
WORKDIR /app
COPY --from=gather --chown=node:node /app ./
USER node
EXPOSE 9090 9080
# Asks the router itself, which asks Redis: a router that cannot store messages is not healthy.
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "apps/router/src/main.ts", "health"]
# SIGTERM drains: consumers move to another router before this one ends.
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "apps/router/src/main.ts"]

# syntax=docker/dockerfile:1
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY bin bin
COPY src src
COPY templates templates
RUN npm run build && npm prune --omit=dev

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build --chown=root:root /app/package.json ./
COPY --from=build --chown=root:root /app/node_modules node_modules
COPY --from=build --chown=root:root /app/dist dist
COPY --from=build --chown=root:root /app/bin bin
COPY --from=build --chown=root:root /app/templates templates
COPY --chown=root:root app.yml ./
RUN mkdir /data && chown node:node /data
# Of the App, which is started with: --entrypoint /app/bin/driftwright-server.js
ENV HOST=0.0.0.0 DATA_DIR=/data
EXPOSE 3000
USER node
WORKDIR /repository
ENTRYPOINT ["node", "/app/bin/driftwright.js"]
CMD ["--help"]

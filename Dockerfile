# docker build -t bodyscript .
# docker run --rm --read-only -m 512m --user "$(id -u):$(id -g)" -v "$PWD:/data" bodyscript analyze walk.mp4 -o results
FROM node:22-bookworm-slim AS build
WORKDIR /source
COPY . .
RUN npm ci --ignore-scripts && npm run package

FROM node:22-bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ffmpeg && rm -rf /var/lib/apt/lists/*
COPY --from=build /source/bodyscript-*.tgz /tmp/
# Debian's ffmpeg is newer than those in the npm packages, which stay out of the image.
RUN npm install -g --ignore-scripts /tmp/bodyscript-*.tgz && npm cache clean --force && rm /tmp/bodyscript-*.tgz \
  && rm -rf "$(npm root -g)"/bodyscript/node_modules/@ffmpeg-installer/linux-* "$(npm root -g)"/bodyscript/node_modules/@ffprobe-installer/linux-*
# The networks are made once, for whoever runs the image. They are root's, and nobody else can write them; nothing needs to be written but the results.
ENV BODYSCRIPT_CACHE=/opt/bodyscript-cache
RUN mkdir "$BODYSCRIPT_CACHE" && cd /tmp && bodyscript doctor && chmod -R a+rX,go-w "$BODYSCRIPT_CACHE"
RUN groupadd --gid 10001 bodyscript \
  && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin bodyscript
USER 10001:10001
WORKDIR /data
ENTRYPOINT ["bodyscript"]

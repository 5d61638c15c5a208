# docker build -t bodyscript .
# docker run --rm -m 512m -v "$PWD:/data" bodyscript analyze walk.mp4 -o results
FROM node:22-bookworm-slim AS build
WORKDIR /source
COPY . .
RUN npm ci && npm pack

FROM node:22-bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ffmpeg && rm -rf /var/lib/apt/lists/*
COPY --from=build /source/bodyscript-*.tgz /tmp/
RUN npm install -g --ignore-scripts /tmp/bodyscript-*.tgz && npm cache clean --force && rm /tmp/bodyscript-*.tgz
# The models are made once, for whoever runs the image; nothing needs to be written but the results.
ENV BODYSCRIPT_CACHE=/opt/bodyscript-cache
RUN mkdir -m 777 "$BODYSCRIPT_CACHE" && bodyscript doctor && chmod -R a+rwX "$BODYSCRIPT_CACHE"
WORKDIR /data
ENTRYPOINT ["bodyscript"]

# An image that analyses a folder of videos, and ends. Build it beside a tarball of bodyscript (npm pack):
#   docker build -t bodyscript-batch -f batch.Dockerfile .
#   docker run --rm --read-only --network none -m 2g --user "$(id -u):$(id -g)" \
#     -v "$PWD/clips:/in:ro" -v "$PWD/results:/out" bodyscript-batch
# Our tests run its commands in a folder of their own, not in a container.
FROM node:22-bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ffmpeg && rm -rf /var/lib/apt/lists/*
COPY bodyscript-*.tgz /tmp/
RUN npm install -g --ignore-scripts --no-audit --no-fund /tmp/bodyscript-*.tgz
# The networks are made while the image is built, readable by all users and writable by root alone.
ENV BODYSCRIPT_CACHE=/opt/bodyscript-cache
RUN mkdir "$BODYSCRIPT_CACHE" && bodyscript doctor && chmod -R a+rX,go-w "$BODYSCRIPT_CACHE"
USER 10001:10001
WORKDIR /out
CMD ["bodyscript", "analyze", "/in", "-o", "/out", "--max-memory", "2G"]

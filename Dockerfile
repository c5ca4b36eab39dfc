# syntax=docker/dockerfile:1
#
# One static program in an empty image. It trusts the roots that Mozilla publishes, since there are no others in here.
#
#   docker build --tag roomtree .
#   docker run --rm --volume "$PWD:/work" --user "$(id -u):$(id -g)" --env-file dingtalk.env roomtree plan rooms.yaml

# Alpine's Rust builds for musl by itself: what comes out needs no library.
FROM rust:1.95-alpine3.22 AS build
ARG TARGETARCH
# hadolint ignore=DL3018
RUN apk add --no-cache musl-dev
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY benches benches
COPY src src
RUN --mount=type=cache,target=/usr/local/cargo/registry,id=registry-$TARGETARCH \
    --mount=type=cache,target=/src/target,id=target-$TARGETARCH \
    cargo build --locked --release && \
    install -D target/release/roomtree "/out/$TARGETARCH/roomtree"

# A release replaces the stage above by a folder with the programs that it has built and tested, one for each architecture:
# --build-context build=FOLDER, where FOLDER has out/amd64/roomtree and out/arm64/roomtree.
FROM scratch
ARG TARGETARCH
LABEL org.opencontainers.image.title="roomtree" \
      org.opencontainers.image.description="Provision DingTalk meeting-room groups from a YAML tree, exactly once" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"
COPY --from=build /out/$TARGETARCH/roomtree /roomtree
COPY LICENSE-APACHE LICENSE-MIT /licenses/
# State, journal and lock are written beside the manifest: run as the user who owns the folder, as shown above.
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/roomtree"]

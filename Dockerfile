# One image for the web and for the worker; docker-compose.yml starts both.
FROM debian:bookworm-slim

RUN apt-get update \
    && apt-get install --no-install-recommends --yes python3 python3-venv make ca-certificates \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --create-home --uid 10001 fourpi
WORKDIR /srv/fourpi

# What changes seldom comes first, so that it is built seldom.
COPY Makefile ./
COPY requirements requirements
RUN make install && rm -rf /var/lib/apt/lists/*

COPY . .
RUN SECRET_KEY=building make static && rm -rf node_modules && install -d -o fourpi var

USER fourpi
ENV EMBEDDED=0 HOST=0.0.0.0 PORT=8000 PYTHONUNBUFFERED=1
EXPOSE 8000
CMD [".venv/bin/python", "manage.py", "serve"]

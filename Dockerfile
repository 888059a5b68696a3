# One image for all services of docker-compose.yml: code location, runs, web server, daemon, workers.
ARG PYTHON=3.11.14-slim-bookworm

FROM python:${PYTHON} AS build
RUN pip install --no-cache-dir uv==0.13.9
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never DO_NOT_TRACK=1
WORKDIR /app
# The environment first: it is made anew only when pyproject.toml, which holds the lock, has changed.
COPY pyproject.toml README.md ./
RUN uv sync --no-dev --extra server --no-install-project
COPY . .
RUN uv sync --no-dev --extra server && python -m compileall -q quickbooks_history
# Nobody may write here later on, so dbt parses the project now.
RUN .venv/bin/python -c "import quickbooks_history.defs.project"

FROM python:${PYTHON}
# The folders that volumes are mounted on: a new volume takes over whose they are. 999 is the user of the PostgreSQL
# image, who owns the server's key.
RUN groupadd --gid 10001 qbh \
    && useradd --uid 10001 --gid qbh --home-dir /var/lib/qbh --create-home qbh \
    && install -d -o qbh -g qbh /inbox /archive \
    && install -d -o 999 -g 999 /tls
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001:10001

# CardFleet for production. It holds no embedded servers: give it DATABASE_URL and REDIS_URL.
FROM python:3.11-slim-trixie AS build
RUN apt-get update && apt-get install --yes --no-install-recommends gettext npm && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements/base.txt requirements/
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/base.txt
COPY . .
ENV PATH=/venv/bin:$PATH STATIC_ROOT=/app/collected
RUN python -m cardfleet.assets && rm -rf node_modules
RUN django-admin compilemessages
# collectstatic wants settings, not servers; nothing of these values stays.
RUN DATABASE_URL=postgres://none/none REDIS_URL=redis://none SECRET_KEY=none FIELD_KEYS=none \
    python manage.py collectstatic --no-input

FROM python:3.11-slim-trixie
# pg_dump and pg_restore for manage.py backup and restore; not older than the server of docker-compose.yml.
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home cardfleet && install --directory --owner cardfleet /data
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER cardfleet
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 HOST=0.0.0.0 PORT=8000 \
    CARDFLEET_EMBEDDED=off CARDFLEET_HOME=/data STATIC_ROOT=/app/collected
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "cardfleet.wsgi"]

# One image, three processes: the command says which (`serve`, `worker`, `sealer`).
#
#   docker build -t mingzheng .
#   docker run -d --restart unless-stopped -v mingzheng:/data -p 8000:8000 mingzheng serve
#   docker run -d --restart unless-stopped -v mingzheng:/data mingzheng worker
#   docker run -d --restart unless-stopped -v mingzheng:/data mingzheng sealer
#
# The sealer alone reads the ledger's key; for PostgreSQL set DATABASE_URL on all three.

FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY requirements/uv.txt requirements/run.txt requirements/
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/uv.txt \
 && /venv/bin/uv pip install --no-cache --python /venv/bin/python --require-hashes -r requirements/run.txt
# The one free 仿宋, taken out of its package without installing TeX.
RUN apt-get update && cd /tmp && apt-get download texlive-lang-chinese \
 && dpkg -x texlive-lang-chinese_*.deb x && mkdir /fonts \
 && find x -name FandolFang-Regular.otf -exec cp {} /fonts \;

FROM python:3.11-slim-bookworm
RUN apt-get update \
 && apt-get install -y --no-install-recommends fonts-noto-cjk fonts-lxgw-wenkai \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /data mingzheng && install -d -o mingzheng /data
COPY --from=build /venv /venv
COPY --from=build /fonts /app/.venv/fonts
WORKDIR /app
COPY law law
COPY mingzheng mingzheng
COPY docker-entry.sh /usr/local/bin/mingzheng
ENV MINGZHENG_DATA=/data MINGZHENG_BIND=0.0.0.0 PYTHONPATH=/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER mingzheng
VOLUME /data
EXPOSE 8000
ENTRYPOINT ["mingzheng"]
CMD ["serve"]

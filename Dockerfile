# One image, one process, one port. The lock installs the same files everywhere; nothing is compiled here.
ARG BASE=python:3.12-slim-bookworm

FROM ${BASE} AS build
WORKDIR /build
# hadolint ignore=DL3008
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends binutils && rm -rf /var/lib/apt/lists/*
COPY requirements.txt .
# Tests, sources and symbols of libraries, extensions of notebooks, Arrow's RPC and its doubles stay out: 200 MB. Bytecode is made for
# what the app imports, not for all there is: 300 MB less. (Numpy, SciPy and *.libs are not stripped: what patched them forbids it.)
RUN python -m venv --without-pip /opt/venv \
 && python -m pip --python /opt/venv/bin/python install --no-cache-dir --no-compile --disable-pip-version-check \
      --require-hashes --only-binary=:all: -r requirements.txt \
 && find /opt/venv/lib -type d \( -name tests -o -path '*/pyarrow/include' -o -path '*/pydeck/nbextension' -o -path '*/plotly/labextension' \) \
      -prune -exec rm -rf {} + \
 && find /opt/venv/lib -type f \( -path '*/pyarrow/*flight*' -o -path '*/pyarrow/libarrow_python.so' \
      -o -path '*/pyarrow/libarrow_python.so.*.*.*' -o -path '*/plotly/package_data/widgetbundle.js' -o -name '*.pyx' -o -name '*.pxd' \
      -o -name '*.pxi' -o -name '*.c' -o -name '*.cpp' -o -name '*.h' -o -name '*.hpp' \) -delete \
 && find /opt/venv/lib -regextype posix-extended -type f \
      -regex '.*/(pyarrow|cryptography|PIL|yaml|httptools|uvloop|kiwisolver|fontTools|sqlalchemy|wcwidth|wrapt|python_calamine|rpds)/.*\.so[.0-9]*' \
      -exec strip --strip-unneeded {} + \
 && /opt/venv/bin/python -c "import alembic.command, azure.identity, azure.storage.blob, fpdf, matplotlib.backends.backend_agg, \
matplotlib.figure, mlflow, pandas, plotly.graph_objects, pptx, psycopg, pyarrow.parquet, python_calamine, requests, \
scipy.optimize, scipy.stats, sklearn.ensemble, sklearn.linear_model, skops.io, sqlalchemy.orm, streamlit.web.cli, \
streamlit.web.bootstrap, uvicorn, uvloop, xlsxwriter, yaml"

FROM ${BASE}
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin forecast \
 && install --directory --owner=10001 /data
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv
COPY .streamlit .streamlit
COPY docs docs
COPY models models
COPY forecast_core forecast_core
COPY app app
COPY pages pages
RUN python -m compileall -q forecast_core app pages
# One OpenMP thread: spinning threads cost seconds on a small machine. /tmp is the only other place that is written to.
ENV PATH=/opt/venv/bin:$PATH HOME=/tmp OMP_NUM_THREADS=1 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    ARCHIVE_FORECAST_DATA_DIR=/data PORT=8501
USER 10001
# The first question teaches the app the demo company; what it learned stays in /data, so that a start reads it.
RUN python -m app.cli simulate >/dev/null
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/health', timeout=4)"]
CMD ["sh", "-c", "exec python -m streamlit run app/asgi.py --server.port \"$PORT\""]

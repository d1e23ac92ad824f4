# The app on its shipped weights. Build: docker build -t dlnlp . ; run: docker run -p 8501:8501 dlnlp
FROM python:3.12-slim

# The packages of the workers (live race, range test, gradients of a HAN, training on visitors'
# tables) are 0.7 GB of the image. Leave them out with --build-arg WORKER=no: everything else works, and the pages say what is missing.
ARG WORKER=yes

WORKDIR /app
COPY requirements.txt .
RUN if [ "$WORKER" = no ]; then sed -i '/^keras\|^jax\|^scikit-learn\|^gensim\|^nltk\|^onnx~\|^tqdm/d' requirements.txt; fi \
    && pip install --no-cache-dir --disable-pip-version-check -r requirements.txt \
    && useradd --create-home --uid 10001 app
COPY streamlit_app.py ./
COPY .streamlit/config.toml .streamlit/
COPY pages pages
COPY dlnlp dlnlp
COPY train train
COPY weights weights
RUN python -m compileall -q dlnlp train pages streamlit_app.py

# Data sets and what JAX compiles go to the user's home; the program itself cannot be changed.
USER app
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=2)"]
CMD ["python", "-m", "streamlit", "run", "streamlit_app.py", "--server.headless=true", "--server.address=0.0.0.0", "--server.port=8501"]

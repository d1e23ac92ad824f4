"""What a model read and why: frozen NumPy results that know neither Keras nor Streamlit."""

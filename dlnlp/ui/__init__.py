"""What the pages draw with: navigation, cached loading, charts, highlighted text.

The only library code that knows Streamlit. It knows nothing of Keras, nor of any one page.
"""

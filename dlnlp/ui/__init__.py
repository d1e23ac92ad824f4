"""What the pages draw with: navigation, cached loading, charts, highlighted text.

The only library code that knows Streamlit. It knows nothing of Keras, nor of any one page.
"""

import os

# The app answers many visitors, and its products of matrices are small: threads that share one wait
# for each other longer than they work. NumPy reads this when it is loaded, which is after this.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

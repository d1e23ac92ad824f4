"""What this app uses of Streamlit that Streamlit does not promise: all of it, and nothing else.

A test for each part runs against the installed version, so that an upgrade shows what broke.
"""

# On the root element of the page; "CONNECTED" while the browser has a server.
CONNECTION_ATTRIBUTE = "data-test-connection-state"

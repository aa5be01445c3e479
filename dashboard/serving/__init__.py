"""The server: Streamlit behind a guard, in one process or several behind one address."""

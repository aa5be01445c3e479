"""A page of Streamlit as it comes: a headline and one line of three points, which is the least that a view with a figure has."""

import plotly.graph_objects as go
import streamlit as st

st.html('<h1 class="cc-headline">Three points</h1>')
st.plotly_chart(go.Figure(go.Scatter(x=[1, 2, 3], y=[1, 3, 2])))

"""A page of Streamlit as it comes: a slider that changes a map of 60 x 68 cells and a line of 167 points, and nothing else."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

rows, columns = np.mgrid[0:60, 0:68]
share = st.slider("share", 1, 20, 5)
st.html(f'<h1 class="cc-headline">{share} of 100 cells</h1>')
cells, line = st.columns(2)
found = np.sin(rows / 7) * np.cos(columns / 9)
cells.plotly_chart(go.Figure(go.Heatmap(z=np.where(found > np.quantile(found, 1 - share / 100), found, np.nan))))
points = np.arange(167)
line.plotly_chart(go.Figure(go.Scatter(x=points, y=np.sqrt(points * share))))

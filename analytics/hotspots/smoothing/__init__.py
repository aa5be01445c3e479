"""The past of a map, spread near and far: kernels by memory and reach, and kernel density on a grid."""

# What the kernel's semantic patches report of this tree and why it is right as it
# is, one extended regular expression a line.
# walk_all() gives the configuration mutex back between two portions, and its caller
# holds it before and after.
mini_lock\.cocci: kernel/ctl/procfs_stats\.c:[0-9]+:[-0-9]+: preceding lock
# Pure: unit tests and fuzz targets compile it without the kernel's min().
minmax\.cocci: kernel/conn/seq\.h:[0-9]+:[-0-9]+: WARNING opportunity for min

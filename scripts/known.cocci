# What the kernel's semantic patches report of this tree and why it is right as it
# is, one extended regular expression a line.
# walk_all() gives the configuration mutex back between two portions, and its caller
# holds it before and after.
mini_lock\.cocci: kernel/ctl/procfs_stats\.c:[0-9]+:[-0-9]+: preceding lock

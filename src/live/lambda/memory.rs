//! The memory of a process and of all that it has started.

/// Bytes of memory that a process had at most, and its descendants have now; none where the system does not say.
#[cfg(target_os = "linux")]
pub(super) fn used(process: u32) -> Option<u64> {
    let mut bytes = status(process, "VmHWM:")?;
    let mut parents = vec![process];
    while let Some(parent) = parents.pop() {
        let children = children(parent);
        bytes += children.iter().filter_map(|child| status(*child, "VmRSS:")).sum::<u64>();
        parents.extend(children);
    }
    Some(bytes)
}

/// A size of `/proc/…/status`.
#[cfg(target_os = "linux")]
fn status(process: u32, name: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes << 10)
}

/// The processes that any thread of it has started.
#[cfg(target_os = "linux")]
fn children(process: u32) -> Vec<u32> {
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let lists = threads.filter_map(|thread| std::fs::read_to_string(thread.path().join("children")).ok());
    lists.flat_map(|list| list.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>()).collect()
}

#[cfg(not(target_os = "linux"))]
pub(super) fn used(_process: u32) -> Option<u64> {
    None
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    #[test]
    fn a_process_has_memory_until_it_is_gone() {
        let used = super::used(std::process::id()).unwrap();
        assert!(used > 1 << 20, "{used}");
        assert_eq!(super::used(u32::MAX), None);
    }
}

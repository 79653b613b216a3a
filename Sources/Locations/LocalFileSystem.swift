import CLinux

/// Tells file systems whose times are this machine's from those of other machines.
enum LocalFileSystem {
    /// Source: statfs(2), and include/uapi/linux/magic.h of Linux. What is not known here is taken for a file server:
    /// NFS, SMB, FUSE (sshfs, rclone mount), 9p, virtiofs, Ceph and others show the times that the other side gave.
    private static let types: Set<UInt32> = [
        0xEF53,  // ext2, ext3, ext4
        0x5846_5342,  // xfs
        0x9123_683E,  // btrfs
        0x0102_1994,  // tmpfs
        0x8584_58F6,  // ramfs
        0x794C_7630,  // overlay: what is written goes to a local one
        0x2FC1_2FC1,  // zfs
        0xF2F5_2010,  // f2fs
        0xCA45_1A4E,  // bcachefs
        0x3153_464A,  // jfs
        0x3434,  // nilfs
        0x5265_4973,  // reiserfs
        0x4D44,  // vfat
        0x2011_BAB0,  // exfat
        0x7366_746E,  // ntfs
        0x9660,  // iso9660
        0x7371_7368,  // squashfs
        0xE0F5_E1E2,  // erofs
    ]

    static func isLocal(type: UInt32) -> Bool { types.contains(type) }

    /// Whether the times of files at `path` come from this machine's clock.
    static func holds(_ path: String) -> Bool { isLocal(type: restorable_file_system_type(path)) }
}

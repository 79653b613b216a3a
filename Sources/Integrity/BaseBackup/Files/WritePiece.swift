/// How much of a data file is written by one call.
///
/// A server will write single pages into it. Linux keeps what one call writes in one folio of the page cache where it can, and ext4
/// and other file systems with buffer heads walk all blocks of a folio at each write into it (`ext4_block_write_begin` in
/// fs/ext4/inode.c): 100,000 pages written at random into 400 MiB took 2.1 s where those had been written by the MiB, 0.4 s by
/// 32 KiB, which cost 0.08 s more to write; and a replay of 768 MiB spent a quarter of its time there (docs/decisions/0128).
enum WritePiece {
    /// In bytes.
    static let largest = 32 << 10
}

# What the parts share. Everything here is in perl-base.
use strict;
use warnings;
use Errno;
use Fcntl;
use POSIX ();
use Socket qw(:DEFAULT inet_ntop);

my ($CLOCK_REALTIME, $CLOCK_MONOTONIC, $CLOCK_BOOTTIME) = (0, 1, 7);
my $hires = eval { require Time::HiRes; 1 };
# perl-base of Debian 13 has no Time::HiRes; these are the numbers of clock_gettime(2).
my %clock_gettime = (x86_64 => 228, aarch64 => 113, riscv64 => 113, ppc64le => 246, s390x => 260);

# A clock in seconds, with fractions where they can be had.
sub clock {
    my ($which) = @_;
    return Time::HiRes::clock_gettime($which) if $hires;
    my ($number, $timespec) = ($clock_gettime{ (POSIX::uname())[4] }, "\0" x 16);
    if (defined $number && syscall($number, 0 + $which, $timespec) == 0) {
        my ($seconds, $nanoseconds) = unpack 'qq', $timespec;
        return $seconds + $nanoseconds / 1e9;
    }
    return $which == $CLOCK_REALTIME ? time : (split ' ', slurp('/proc/uptime', 128))[0];
}

sub monotonic { return clock($CLOCK_MONOTONIC) }

sub changed_at {
    my ($path) = @_;
    return ($hires ? Time::HiRes::lstat($path) : lstat $path)[9];
}

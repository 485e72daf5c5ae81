# Puts the tables together: which X servers are xrdp's, whose processes are whose, and who is connected.
use strict;
use warnings;

my $X_SERVER = qr/\A(?:Xorg|Xorg\.bin|Xvnc|Xtigervnc|X11rdp)\z/;
my $LEADER   = qr/\Axrdp-ses(?:man|exec)\z/;
my ($SESMAN_PORT, $RDP_PORT, $VNC_PORT) = (3350, 3389, 5900);
my $LOOPBACK    = qr/\A(?:127\.|::1\z)/;
my $RATE_WINDOW  = 0.2;
my $X_SERVER_WAIT = 1;
my $TICKS = POSIX::sysconf(&POSIX::_SC_CLK_TCK) || 100;
my ($MOST_REMEMBERED, $MOST_UNLED, $START_TIME) = (1024, 32, 5);
our (%traces, %account, @samples, %last_join, %left_since, $boot_time);

sub account_name {
    my ($uid) = @_;
    return $account{$uid} if $account{$uid};
    my @found = getpwuid $uid;
    $account{$uid} = \@found if @found;
    return \@found;
}

# The socket that xrdp meets an X server at, if that server's user owns it: the directory may be open to everybody.
sub own_socket {
    my ($sockets, $display, $uid) = @_;
    my $socket = $sockets ? $sockets->{$display} : undef;
    my $owner = $socket ? (lstat "$socket->{directory}/xrdp_display_$display")[4] : undef;
    return defined $owner && $owner == $uid ? $socket : undef;
}

# X servers that a session leader of xrdp started, or whose environment says so when the leader is gone. A container's
# processes are seen here too (they have a second pid in NSpid of proc(5)), but its sessions are another host's.
sub find_sessions {
    my ($sockets) = @_;
    my @session;
    for my $x (grep { $_->{name} =~ $X_SERVER } values %process) {
        my ($display) = map { /\A:(\d{1,5})\z/ ? 0 + $1 : () } (arguments_of($x->{pid}))[1 .. 8];
        next if !defined $display;
        my $parent = $process{ $x->{parent} };
        my $leader = $parent && is_leader($parent) ? $parent : undef;
        next if $x->{contained};
        my $socket = own_socket($sockets, $display, $x->{uid});
        my $ours   = $x->{env}{XRDP_SESSION} || $socket && $socket->{listening};
        next if !$leader && !$ours;
        push @session, { display => $display, x => $x, uid => $x->{uid}, leader => $leader, members => [] };
    }
    # Of several that claim one display, only what a leader of root's started is believed.
    my %claims;
    push @{ $claims{ $_->{display} } }, $_ for @session;
    for my $claim (grep { @$_ > 1 } values %claims) {
        my @led = grep { $_->{leader} } @$claim;
        $_->{contested} = 1 for grep { @led != 1 || $_ != $led[0] } @$claim;
    }
    return sort { $a->{display} <=> $b->{display} } @session;
}

# Anybody can call a process xrdp-sesman; only root's is one.
sub is_leader { my ($p) = @_; return $p->{name} =~ $LEADER && $p->{uid} == 0 }

# A process belongs to a session by descent from its leader or X server, by DISPLAY and uid (an environment can be
# forged by others, a uid cannot; what is older than the X server belonged to an earlier session), by its scope, or by
# descent from what does.
sub assign_processes {
    my (@session) = @_;
    my (%root, %by_display, %by_scope, %by_trace);
    for my $s (@session) {
        $root{ $_->{pid} } = $s for grep { defined } $s->{leader}, $s->{x};
        $by_display{"$s->{display} $s->{uid}"} = $s;
        my $scope = ($s->{leader} // $s->{x})->{scope};
        $by_scope{"$scope $s->{uid}"} = $s if defined $scope;
        my $trace = $traces{"$s->{x}{pid} $s->{x}{start}"};
        $by_trace{"$_ $s->{uid}"} = $s for keys %{ $trace ? $trace->{member} : {} };
    }
    my %shared = shared_scopes(@session);
    my @left;
    my $claimed = sub {
        my ($p) = @_;
        return undef if $p->{contained} || $p->{user_service};
        my $traced = $by_trace{"$p->{pid} $p->{start} $p->{uid}"};
        return $traced if $traced;
        my $same = defined $p->{display} ? $by_display{"$p->{display} $p->{uid}"} : undef;
        return $same if $same && $p->{start} >= $same->{x}{start};
        return defined $p->{scope} && !$shared{ $p->{scope} } ? $by_scope{"$p->{scope} $p->{uid}"} : undef;
    };
    for my $p (values %process) {
        my $s = nearest($p, sub { $root{ $_[0]{pid} } }) // nearest($p, $claimed);
        if ($s) { push @{ $s->{members} }, $p }
        elsif (is_leftover($p)) { push @left, $p }
    }
    return @left;
}

# What the process, or the nearest of its ancestors that has one, has.
sub nearest {
    my ($p, $of) = @_;
    for (my $depth = 0; $p && $depth < 64; $depth++) {
        my $found = $of->($p);
        return $found if $found;
        $p = $process{ $p->{parent} };
    }
    return undef;
}

# Scopes that hold more than one session: where xrdp-sesman was started by hand, an administrator's own login.
sub shared_scopes {
    my (@session) = @_;
    my (%own, %times);
    for my $s (@session) {
        my $head = $s->{leader} // $s->{x};
        $own{ $head->{pid} } = 1;
        $times{ $head->{scope} }++ if defined $head->{scope};
    }
    for my $p (grep { defined $_->{scope} } values %process) {
        $times{ $p->{scope} } += 2 if $p->{name} =~ /\A(?:sshd|xrdp)/ && $p->{uid} == 0 && !$own{ $p->{pid} };
    }
    return map { ($_ => 1) } grep { $times{$_} > 1 } keys %times;
}

sub is_leftover {
    my ($p) = @_;
    return $p->{env}{XRDP_SESSION} && defined $p->{display} && !$p->{user_service} && !$p->{contained};
}

# What outlived its X server, one entry for each user and display. A leader that still waits for it is its anchor.
sub leftovers {
    my (@left) = @_;
    my %group;
    push @{ $group{"$_->{display} $_->{uid}"}{members} }, $_ for @left;
    for my $g (values %group) {
        my ($oldest) = sort { $a->{start} <=> $b->{start} || $a->{pid} <=> $b->{pid} } @{ $g->{members} };
        my $leader = (grep { $_ && is_leader($_) } map { $process{ $_->{parent} } } @{ $g->{members} })[0];
        push @{ $g->{members} }, $leader if $leader;
        @{$g}{qw(display uid leader oldest)} = (@{$oldest}{qw(display uid)}, $leader, $oldest);
        my $now = monotonic();
        $g->{left_for} = $now - ($left_since{"$oldest->{pid} $oldest->{start}"} //= $now);
    }
    return sort { $a->{display} <=> $b->{display} } values %group;
}

# Where the cookie for the X server may be, likeliest first.
sub authorities_of {
    my ($s) = @_;
    my @path = map { $_->{env}{XAUTHORITY} // () } grep { $_->{uid} == $s->{uid} } @{ $s->{members} };
    my @home = grep { defined && length } $s->{x}{env}{HOME}, account_name($s->{uid})->[7];
    my @argument = arguments_of($s->{x}{pid});
    for my $i (0 .. $#argument - 1) {
        next if $argument[$i] ne '-auth';
        my $file = $argument[ $i + 1 ];
        unshift @path, index($file, '/') == 0 ? $file : map { "$_/$file" } @home;
    }
    my %seen;
    return grep { !$seen{$_}++ } @path, map { "$_/.Xauthority" } @home;
}

sub add_connection {
    my ($s, $sockets, $tcp, $owner) = @_;
    return if $s->{contested};
    my $socket = own_socket($sockets, $s->{display}, $s->{uid});
    my @peer   = $socket ? @{ $socket->{peers} } : ();
    $s->{directory} = $socket ? $socket->{directory} : $s->{x}{env}{XRDP_SOCKET_PATH};
    if (!$socket && $tcp) {
        my $port = $VNC_PORT + $s->{display};
        @peer = grep { $tcp->{$_}{to_port} == $port && $tcp->{$_}{to} =~ $LOOPBACK } keys %$tcp;
        $s->{connected} = flag(scalar @peer) if @peer || $s->{x}{name} =~ /vnc/i;
    }
    $s->{connected} = flag(scalar @peer) if $socket;
    # Nobody can be connected to an X server that xrdp just began and that has no socket yet.
    $s->{connected} = 'false' if $sockets && !$sockets->{ $s->{display} } && $s->{leader} && $s->{x}{name} !~ /vnc/i
        && clock($CLOCK_REALTIME) - started_at($s->{x}) < $START_TIME;
    my ($serving) = map { $owner->{$_} // () } @peer;
    $s->{serving} = $serving // return;
    my @link = sort { ($b->{from_port} == $RDP_PORT) <=> ($a->{from_port} == $RDP_PORT) }
        grep { $_ && $_->{to_port} != $SESMAN_PORT && $_->{to_port} != $VNC_PORT + $s->{display} }
        map { $tcp->{$_} } grep { ($owner->{$_} // 0) == $serving } keys %$tcp;
    $s->{link} = $link[0];
    return;
}

sub socket_time {
    my ($s, $name) = @_;
    return undef if !defined $s->{directory};
    my $path = "$s->{directory}/xrdp_chansrv_${name}_$s->{display}";
    my $owner = (lstat $path)[4];
    return undef if !defined $owner || $owner != $s->{uid};
    my $at = changed_at($path);
    return $at >= started_at($s->{x}) - 2 && $at <= clock($CLOCK_REALTIME) + 2 ? $at : undef;
}

# Since when a client is there, or is not. chansrv makes a socket at each moment; the log tells of the last join.
sub add_times {
    my ($s) = @_;
    my $joined = $joined{ $s->{x}{pid} };
    my $join   = $joined && defined $joined->{at} && $joined->{at} >= started_at($s->{x}) - 2 ? $joined->{at} : undef;
    my $connected = ($s->{connected} // '') eq 'true';
    my $serving   = $s->{serving} ? $process{ $s->{serving} } : undef;
    my $socket    = $connected ? socket_time($s, 'audio_out_socket') : undef;
    undef $socket if defined $socket && $serving && $socket < started_at($serving) - 2;
    my $which = "$s->{x}{pid} $s->{x}{start}";
    $s->{joined_at} = $socket // $join // ($connected && $serving ? started_at($serving) : $last_join{$which});
    $last_join{$which} = $s->{joined_at} if defined $s->{joined_at};
    $s->{left_at} = ($s->{connected} // '') eq 'false' ? socket_time($s, 'socket') : undef;
    return;
}

sub started_at { return POSIX::floor(($boot_time + $_[0]{start} / $TICKS) * 100 + 0.5) / 100 }

# Processor and network use over at least the rate window.
sub take_sample {
    my ($tcp) = @_;
    my %sample = (at => monotonic(), uptime => clock($CLOCK_BOOTTIME), ticks => {}, bytes => {});
    $sample{ticks}{"$_->{pid} $_->{start}"} = $_->{ticks} for values %process;
    $sample{bytes}{$_} = [@{ $tcp->{$_} }{qw(received sent)}] for grep { defined $tcp->{$_}{sent} } keys %{ $tcp // {} };
    return \%sample;
}

# The newest kept sample that lies at least the rate window back.
sub earlier {
    my ($sample) = @_;
    return (grep { $sample->{at} - $_->{at} >= $RATE_WINDOW * 0.9 } @samples)[0];
}

sub processor_share {
    my ($sample, @members) = @_;
    my $before = earlier($sample) // return undef;
    my $ticks = 0;
    for my $p (@members) {
        my $had = $before->{ticks}{"$p->{pid} $p->{start}"};
        $ticks += $p->{ticks} - ($had // 0) if defined $had || $p->{start} / $TICKS > $before->{uptime};
    }
    return $ticks / $TICKS / ($sample->{at} - $before->{at}) * 100;
}

sub link_rate {
    my ($sample, $inode, $way) = @_;
    my $before = earlier($sample) // return undef;
    my ($had, $has) = ($before->{bytes}{$inode}, $sample->{bytes}{$inode});
    return undef if !$has || !$had || $has->[$way] < $had->[$way];
    return ($has->[$way] - $had->[$way]) / ($sample->{at} - $before->{at});
}

sub keep_sample {
    my ($sample) = @_;
    return if @samples && $sample->{at} - $samples[0]{at} < $RATE_WINDOW;
    @samples = ($sample, @samples ? $samples[0] : ());
    return;
}

# Displays whose lock file names a process that is gone: xrdp passes over them for ever.
sub stale_locks {
    opendir my $directory, '/tmp' or return [];
    my @number = map { /\A\.X(\d{1,5})-lock\z/ ? $1 : () } readdir $directory;
    return [sort { $a <=> $b } map { 0 + $_ } grep {
        my $file = "/tmp/.X$_-lock";
        my $text = -f $file && !-l $file ? slurp($file, 64) // '' : '';
        $text =~ /(\d+)/ && !kill(0, $1) && $!{ESRCH};
    } @number];
}

sub role_of {
    my ($s, $p) = @_;
    return 'x-server'       if !$s->{x} && $p->{name} =~ $X_SERVER;
    return 'leader'         if $s->{leader} && $p->{pid} == $s->{leader}{pid};
    return 'x-server'       if $s->{x} && $p->{pid} == $s->{x}{pid};
    return 'channel-server' if $p->{name} eq 'xrdp-chansrv';
    return 'window-manager' if $s->{manager} && $p->{pid} == $s->{manager}{pid};
    return $p->{uid} == $s->{uid} ? 'user' : 'system';
}

sub window_manager {
    my ($s) = @_;
    return undef if !$s->{leader};
    my @child = sort { $a->{start} <=> $b->{start} || $a->{pid} <=> $b->{pid} }
        grep { $_->{parent} == $s->{leader}{pid} && $_->{uid} == $s->{uid} && $_->{name} !~ /\Axrdp-/ && (!$s->{x} || $_->{pid} != $s->{x}{pid}) }
        @{ $s->{members} };
    return $child[0];
}

# What belongs to a session is remembered: what of it outlives the X server may have cleared its environment. A service of
# the user's systemd (ssh-agent.service, which a desktop gave its DISPLAY) is not: it ends with the user's last login.
sub remember {
    my ($s, $shared) = @_;
    my $anchor = anchor_of($s);
    my $which  = "$anchor->{pid} $anchor->{start}";
    my $scope  = ($s->{leader} // $anchor)->{scope};
    undef $scope if defined $scope && $shared->{$scope};
    my %member = map { ("$_->{pid} $_->{start}" => 1) } grep { !$_->{user_service} } @{ $s->{members} };
    # What was seen once stays known for as long as it lives, though it may have lost its parent since.
    for my $seen (keys %{ $traces{$which}{member} // {} }) {
        my ($pid, $start) = split ' ', $seen;
        $member{$seen} = 1 if $process{$pid} && $process{$pid}{start} eq $start;
    }
    $traces{$which} = { at => monotonic(), scope => $scope, member => \%member };
    return;
}

sub anchor_of { my ($s) = @_; return $s->{x} // $s->{leader} // $s->{oldest} }

sub forget {
    my ($tcp) = @_;
    forget_clients($tcp);
    my %alive = map { ("$_->{pid} $_->{start}" => 1) } values %process;
    delete @last_join{ grep { !$alive{$_} } keys %last_join };
    delete @left_since{ grep { !$alive{$_} } keys %left_since };
    my @oldest = sort { $traces{$a}{at} <=> $traces{$b}{at} } grep { !$alive{$_} } keys %traces;
    delete @traces{ splice @oldest, 0, @oldest - $MOST_REMEMBERED } if @oldest > $MOST_REMEMBERED;
    return;
}

# One user can call any number of processes X servers and leftovers: those that no leader began are cut to a few.
sub cut_unled {
    my ($crowded, @group) = @_;
    my %count;
    return grep { $_->{leader} || ++$count{ $_->{uid} } <= $MOST_UNLED || !($crowded->{ $_->{uid} } = 1) } @group;
}

# One reading of everything; the raw facts only, their meaning is the reader's business.
sub read_host {
    $boot_time = clock($CLOCK_REALTIME) - clock($CLOCK_BOOTTIME);
    my $whole   = read_processes();
    my $sockets = read_display_sockets();
    my $tcp     = read_tcp();
    my $logged  = read_client_log();
    my (%owner, $fd_denied);
    my $xrdp_uid = getpwnam('xrdp') // 0;
    for my $server (grep { $_->{name} eq 'xrdp' && ($_->{uid} == 0 || $_->{uid} == $xrdp_uid) } values %process) {
        my $inodes = socket_inodes($server->{pid});
        $fd_denied = 1 if !$inodes;
        $owner{$_} = $server->{pid} for @{ $inodes // [] };
    }
    my %crowded;
    my @session = cut_unled(\%crowded, find_sessions($sockets));
    my @left    = cut_unled(\%crowded, leftovers(assign_processes(@session)));
    my %shared = shared_scopes(@session);
    remember($_, \%shared) for @session, @left;
    forget($tcp);
    $_->{shared_scope} = $shared{ ($_->{leader} // $_->{x})->{scope} // '' } for @session;
    for my $s (@session) {
        $s->{manager} = window_manager($s);
        add_connection($s, $sockets, $tcp, \%owner);
        add_times($s);
    }
    return {
        whole => $whole, sockets => $sockets, tcp => $tcp, logged => $logged, fd_denied => $fd_denied,
        sessions => \@session, leftovers => \@left, crowded => [sort { $a <=> $b } keys %crowded],
    };
}

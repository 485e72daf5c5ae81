# Frames and JSON. perl-base has no JSON module.
# A plain scalar is a number, 'true' or 'false'; text of any origin is passed as a reference to it.
use strict;
use warnings;

sub json {
    my ($value) = @_;
    return 'null' if !defined $value;
    if (my $kind = ref $value) {
        return '[' . join(',', map { json($_) } @$value) . ']' if $kind eq 'ARRAY';
        return defined $$value ? json_text($$value) : 'null' if $kind eq 'SCALAR';
        return '{' . join(',', map { json_text($_) . ':' . json($value->{$_}) } sort keys %$value) . '}';
    }
    return $value if $value =~ /\A(?:true|false|-?\d{1,19}(?:\.\d{1,9})?)\z/;
    return sprintf '%.6f', $value if $value =~ /\A-?\d+(?:\.\d+)?(?:e[+-]?\d+)?\z/i;
    die "not a number: $value";
}

# The Unicode Standard, table 3-7. Perl's own decoder takes surrogates too, which JSON's readers refuse.
my $WELL_FORMED = qr/\A(?:[\x00-\x7f]|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}
    |\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})*+\z/x;

# Bytes that are not UTF-8 are taken for Latin-1, so that no name is lost and the answer stays valid.
sub json_text {
    my ($text) = @_;
    utf8::decode($text) if $text =~ $WELL_FORMED;
    $text =~ s/([\x00-\x1f"\\\x7f-\x9f])/sprintf '\\u%04x', ord $1/ge;
    utf8::encode($text);
    return qq("$text");
}

sub flag { return $_[0] ? 'true' : 'false' }

sub send_frame {
    my ($content) = @_;
    my $body  = json($content);
    my $frame = 'USHER1 ' . length($body) . "\n$body\n";
    my $sent  = 0;
    while ($sent < length $frame) {
        my $wrote = syswrite STDOUT, $frame, length($frame) - $sent, $sent;
        next if !defined $wrote && $!{EINTR};
        exit 0 if !$wrote;
        $sent += $wrote;
    }
    return;
}

"""Pictures as cameras and programs write them: with who, when and where. What may not be published says SECRET."""

from io import BytesIO

from PIL import Image, ImageCms, PngImagePlugin

SECRET = b"SECRET"
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "AVIF": "image/avif", "GIF": "image/gif"}
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def pixels(width=60, height=40, mode="RGB"):
    """A photograph, as far as its colours go; the same at each call."""
    red, green = Image.linear_gradient("L").resize((width, height)), Image.radial_gradient("L").resize((width, height))
    blue = Image.effect_mandelbrot((width, height), (-2, -1, 1, 1), 40)
    return Image.merge("RGB", (red, green, blue)).convert(mode)


def told(orientation=1):
    """EXIF with a place, a camera and an owner."""
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x010F] = found[0xA430] = SECRET.decode()
    found.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)})
    return found


def picture(form, image=None, orientation=1, **options):
    """A file that tells everything that its format can tell."""
    if form in ("JPEG", "PNG", "WEBP", "AVIF"):
        options = {"exif": told(orientation), "icc_profile": PROFILE} | options
    if form in ("JPEG", "GIF"):
        options["comment"] = SECRET
    if form in ("JPEG", "WEBP", "AVIF"):
        options["xmp"] = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + SECRET + b"</x:xmpmeta>"
    if form == "PNG":
        options["pnginfo"] = text = PngImagePlugin.PngInfo()
        text.add_text("Author", SECRET.decode())
        text.add_itxt("XML:com.adobe.xmp", SECRET.decode(), zip=True)
    if form == "JPEG":
        options["extra"] = _segment(0xED, b"Photoshop 3.0\0" + SECRET) + _segment(0xE2, b"FPXR\0" + SECRET)
    written = BytesIO()
    (image or pixels()).save(written, form, **options)
    return written.getvalue() + (SECRET if form in ("JPEG", "PNG", "WEBP", "GIF") else b"")


def plain(form, image=None, **options):
    """A file that tells nothing."""
    written = BytesIO()
    (image or pixels()).save(written, form, **options)
    return written.getvalue()


def opened(body):
    """The picture in these bytes, decoded."""
    found = Image.open(BytesIO(body))
    found.load()
    return found


def reader(body):
    """Bytes as a file is read: at most so many from a place on."""
    return lambda start, most: body[start : start + most]


def _segment(code, content):
    return bytes((0xFF, code)) + (len(content) + 2).to_bytes(2, "big") + content
